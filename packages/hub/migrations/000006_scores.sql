create table scores_model (
  version     bigint generated always as identity primary key,
  trained_ms  bigint not null,
  from_ms     bigint not null,
  until_ms    bigint not null,
  people      integer not null,
  orders      integer not null,
  items       integer not null,
  bytes       bytea not null,
  card        json not null,
  champion    boolean not null default false
);
alter table scores_model alter column bytes set storage external;
create unique index scores_model_champion on scores_model (champion) where champion;
comment on table scores_model is 'Owner: scores. Retention: for ever, so that decisions can be replayed. Personal data: none; item statistics over everybody.';

create table scores_training (
  job_id      uuid primary key,
  state       text not null check (state in ('waiting', 'running', 'done', 'refused', 'failed', 'stopped')),
  step        text not null default 'waiting',
  share_done  double precision not null default 0,
  detail      text not null default '',
  version     bigint,
  asked_ms    bigint not null,
  changed_ms  bigint not null
);
create index scores_training_newest on scores_training (asked_ms);
comment on table scores_training is 'Owner: scores. Retention: 400 days. Personal data: none. How each training went.';
