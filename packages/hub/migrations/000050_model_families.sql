alter table scores_model add column family text not null default 'purchases';
alter table scores_model alter column family drop default;
alter table scores_model add column drift json;
drop index scores_model_champion;
create unique index scores_model_champion on scores_model (family) where champion;
create index scores_model_of_family on scores_model (family, version);

-- A card says the same of every family; what the first ones said is kept.
update scores_model set card = (
  jsonb_set(card::jsonb, '{verdict}',
    (card::jsonb->'verdict') - 'recall10Gain' || jsonb_build_object('gain', card::jsonb#>'{verdict,recall10Gain}'))
  || jsonb_build_object('recipe', 'blend', 'groups', '[]'::jsonb, 'leftOut', '[]'::jsonb, 'inputs', null,
       'measured', case when jsonb_typeof(card::jsonb->'nextBasket') = 'object' then jsonb_build_object(
          'name', 'recall@10', 'better', 'more',
          'says', jsonb_build_object(
            'es', 'De lo que la gente compró después, la parte que estaba entre los diez nombrados primero.',
            'en', 'Of what people bought next, the share that was among the ten named first.'),
          'value', card::jsonb#>'{nextBasket,blend,recall10}',
          'rivals', jsonb_build_array(
            jsonb_build_object('name', 'popularity', 'value', card::jsonb#>'{nextBasket,popularity,recall10}'),
            jsonb_build_object('name', 'repeatLastBasket',
              'value', card::jsonb#>'{nextBasket,repeatLastBasket,recall10}'))) end))::json;

alter table scores_training add column family text;
alter table scores_training add column outcomes json not null default '[]';
comment on table scores_training is 'Owner: scores. Retention: 400 days. Personal data: none. How each training went: of one family, or of all.';

create table scores_family (
  family      text primary key,
  tried_ms    bigint not null,
  outcome     json not null
);
comment on table scores_family is 'Owner: scores. Retention: for ever. Personal data: none. How the last training of each family went.';
