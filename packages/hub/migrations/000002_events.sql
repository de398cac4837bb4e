create table events_log (
  position     bigint generated always as identity,
  tx           xid8 not null default pg_current_xact_id(),
  person_id    uuid not null,
  source       text not null,
  id           text not null,
  type         text not null,
  time_ms      bigint not null,
  received_ms  bigint not null,
  channel      text,
  store        text,
  session      text,
  identities   json not null,
  data         json not null
);
create unique index events_log_once on events_log (source, id);
create index events_log_of_person on events_log (person_id, time_ms);
create index events_log_handed_on on events_log (tx, position) where type in
  ('decision.exposed', 'decision.outcome', 'order.placed', 'order.updated', 'order.returned', 'order.cancelled');
comment on table events_log is 'Owner: events. Retention: by event type. Personal data: identities and data; erased with the person. Nobody''s events have the nil person_id.';
comment on column events_log.person_id is 'The person at home to the strongest identity; never rewritten by a merge, so that a merge can be undone.';
comment on column events_log.tx is 'Readers stop at pg_snapshot_xmin: a slow transaction''s event is never skipped.';

create table events_quarantine (
  quarantine_id  uuid primary key,
  source         text not null,
  digest         bytea not null,
  received_ms    bigint not null,
  reason         text not null,
  detail         text not null,
  pointer        text,
  event_id       text,
  bytes          bytea not null,
  settled        text check (settled in ('repaired', 'dropped')),
  settled_ms     bigint,
  unique (source, digest)
);
create index events_quarantine_open on events_quarantine (quarantine_id) where settled is null;
comment on table events_quarantine is 'Owner: events. Retention: 90 days after it was settled. Personal data: what the sender sent, card numbers blanked.';

create table events_tally (
  tally_id     bigint generated always as identity primary key,
  source       text not null,
  day          date not null,
  applied      bigint not null default 0,
  repeat       bigint not null default 0,
  quarantined  bigint not null default 0,
  erased       bigint not null default 0
);
comment on table events_tally is 'Owner: events. Retention: for ever, rolled up by day. Personal data: none. One row per intake transaction, so that no row is fought over.';

create table events_erased (
  source     text not null,
  erased_ms  bigint not null,
  events     bigint not null
);
comment on table events_erased is 'Owner: events. Retention: for ever. Personal data: none. How many applied events were erased with their person.';

create index events_log_purchases on events_log (position) where type in ('order.placed', 'order.cancelled');

create table events_cursor (
  consumer  text primary key,
  tx        xid8 not null,
  position  bigint not null
);
comment on table events_cursor is 'Owner: events. Retention: for ever. Personal data: none. How far each consumer has read the log.';

create view events as
  select person_id, source, id, type, to_timestamp(time_ms / 1000.0) as time,
         to_timestamp(received_ms / 1000.0) as received_at, channel, store, session, identities, data
    from events_log;
