create table platform_outbox (
  tx         xid8 not null default pg_current_xact_id(),
  position   bigint generated always as identity,
  topic      text not null,
  key        text not null,
  place      text,
  person_id  uuid,
  at_ms      bigint not null,
  data       json not null,
  primary key (tx, position)
);
create index platform_outbox_of_person on platform_outbox (person_id) where person_id is not null;
comment on table platform_outbox is 'Owner: platform. Retention: 24 hours. Personal data: none beyond ids; erased with the person. What changed, for subscribers and webhooks.';
comment on column platform_outbox.tx is 'Readers stop at pg_snapshot_xmin: a slow transaction''s change is never skipped.';
