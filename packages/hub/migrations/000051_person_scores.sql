create table scores_person (
  person_id   uuid not null,
  family      text not null,
  subject     text not null,
  version     bigint not null,
  scored_ms   bigint not null,
  score       json not null,
  primary key (person_id, family, subject)
);
create index scores_person_of_family on scores_person (family, person_id, subject);
comment on table scores_person is 'Owner: scores. Retention: until the next scoring of the family. Personal data: what a model expects of a person or a thing of theirs; erased with the person.';

create table scores_scored (
  family      text primary key,
  scored_ms   bigint not null
);
comment on table scores_scored is 'Owner: scores. Retention: for ever. Personal data: none. When everybody was last scored by a family.';

insert into moments_scan (kind, begun_ms, model_version) values ('scored', 0, 0);
