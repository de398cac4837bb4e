create table offers_version (
  only_row  boolean primary key default true check (only_row),
  version   bigint not null
);
insert into offers_version (version) values (1);
comment on table offers_version is 'Owner: offers. Retention: for ever. Personal data: none. The last change of offers or placements; a writer holds its row, so that versions are committed in order.';

create table offers_offer (
  id       text primary key,
  version  bigint not null,
  offer    json not null
);
comment on table offers_offer is 'Owner: offers. Retention: for ever. Personal data: none. Each offer as it is now.';

create table offers_offer_version (
  id       text not null,
  version  bigint not null,
  offer    json not null,
  primary key (id, version)
);
comment on table offers_offer_version is 'Owner: offers. Retention: as long as decisions, which are replayed with it. Personal data: none. Each offer as it was from a version on; only ever added to.';

create table offers_placement (
  id         text primary key,
  version    bigint not null,
  placement  json not null
);
comment on table offers_placement is 'Owner: offers. Retention: for ever. Personal data: none. Each placement as it is now.';

create table offers_placement_version (
  id         text not null,
  version    bigint not null,
  placement  json not null,
  primary key (id, version)
);
comment on table offers_placement_version is 'Owner: offers. Retention: as long as decisions. Personal data: none. Each placement as it was from a version on; only ever added to.';

create table offers_use (
  offer_id     text not null,
  decision_id  text not null,
  used_ms      bigint not null,
  primary key (offer_id, decision_id)
);
comment on table offers_use is 'Owner: offers. Retention: 400 days after the offer ended. Personal data: none beyond ids of decisions. One row per decision whose offer was taken up, so that one is never counted twice.';

create table offers_budget (
  offer_id  text primary key,
  used      bigint not null
);
comment on table offers_budget is 'Owner: offers. Retention: for ever. Personal data: none. How often each offer was taken up.';

with given (id, placement) as (values
  ('web.home',
   '{"name":"web.home","channel":"web","slotsMax":8,"kinds":["product","content","service","experience","discount","credit","delivery"]}'),
  ('web.product',
   '{"name":"web.product","channel":"web","slotsMax":6,"kinds":["product","service","discount","credit","delivery"]}'),
  ('pos.screen',
   '{"name":"pos.screen","channel":"pos","slotsMax":3,"kinds":["product","service","experience","discount","credit","delivery"]}'),
  ('app.card',
   '{"name":"app.card","channel":"app","slotsMax":4,"kinds":["product","content","service","experience","discount","credit","delivery"]}'),
  ('email.slot',
   '{"name":"email.slot","channel":"email","slotsMax":3,"kinds":["product","content","service","experience","discount","credit","delivery"],"exposuresPerPersonPerDayMax":3}'),
  ('push',
   '{"name":"push","channel":"push","slotsMax":1,"kinds":["product","content","service","experience","discount","delivery"],"exposuresPerPersonPerDayMax":1,"minGapMs":14400000}')
), history as (
  insert into offers_placement_version (id, version, placement) select id, 1, placement::json from given
)
insert into offers_placement (id, version, placement) select id, 1, placement::json from given;
