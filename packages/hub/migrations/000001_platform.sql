create table platform_key (
  key_id       text primary key,
  source       text not null,
  kind         text not null check (kind in ('public', 'secret')),
  secret_hash  bytea not null unique,
  scopes       text[] not null,
  label        text not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  revoked_at   timestamptz
);
comment on table platform_key is 'Owner: platform. Retention: for ever (revoked keys stay, for the audit). Personal data: none.';

create table platform_idempotency (
  key_id       text not null,
  route        text not null,
  key          text not null,
  fingerprint  bytea not null,
  status       integer not null,
  response     json not null,
  created_at   timestamptz not null default now(),
  primary key (key_id, route, key)
);
create index platform_idempotency_created on platform_idempotency (created_at);
comment on table platform_idempotency is 'Owner: platform. Retention: 7 days. Personal data: what the answer held.';

create table platform_setting (
  name   text primary key,
  value  json not null
);
comment on table platform_setting is 'Owner: platform. Retention: for ever. Personal data: none.';
