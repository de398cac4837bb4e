create table people_person (
  person_id     uuid primary key,
  merged_into   uuid references people_person (person_id),
  members       uuid[] not null,
  version       bigint not null default 0,
  position      bigint not null default 0,
  head_ms       bigint not null default 0,
  fold_version  text not null default '',
  wake_ms       bigint,
  erased_ms     bigint,
  slices        json not null default '{}'
) with (fillfactor = 60);
create index people_person_merged on people_person (merged_into) where merged_into is not null;
create index people_person_wake on people_person (wake_ms) where wake_ms is not null;
comment on table people_person is 'Owner: people. Retention: until erased or by retention of its events. Personal data: slices.';

create table people_identity (
  kind           text not null,
  value          text not null,
  person_id      uuid not null references people_person (person_id),
  first_seen_ms  bigint not null,
  primary key (kind, value)
);
create index people_identity_of_person on people_identity (person_id);
comment on table people_identity is 'Owner: people. Retention: with the person. Personal data: all of it.';

create table people_merge (
  merge_id    uuid primary key,
  winner      uuid not null references people_person (person_id),
  loser       uuid not null references people_person (person_id),
  moved       uuid[] not null,
  source      text not null,
  event_id    text not null,
  merged_ms   bigint not null,
  undone_ms   bigint
);
create index people_merge_of_winner on people_merge (winner);
create index people_merge_of_loser on people_merge (loser);
comment on table people_merge is 'Owner: people. Retention: with the person. Personal data: which ids are one person.';

create table people_apart (
  one    uuid not null references people_person (person_id),
  other  uuid not null references people_person (person_id),
  primary key (one, other),
  check (one < other)
);
comment on table people_apart is 'Owner: people. Retention: with the person. Personal data: none beyond ids. Pairs that an undo has said are two people.';

create table people_tombstone (
  digest     bytea primary key,
  erased_ms  bigint not null
);
comment on table people_tombstone is 'Owner: people. Retention: for ever. Personal data: keyed hashes of erased identities, so that late events cannot bring a person back.';
