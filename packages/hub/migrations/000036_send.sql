create table send_webhook (
  webhook_id        uuid primary key,
  url               text not null,
  topics            text[] not null,
  label             text not null,
  secret            text not null,
  secret_before     text,
  before_until_ms   bigint,
  state             text not null check (state in ('active', 'paused', 'disabled')),
  why               text check (why in ('gone', 'failing')),
  failures          integer not null default 0,
  failing_since_ms  bigint,
  made_ms           bigint not null,
  from_tx           xid8 not null default pg_snapshot_xmin(pg_current_snapshot())
);
comment on table send_webhook is 'Owner: send. Retention: until deleted. Personal data: none. Where changes are sent to; secrets sign and are shown once.';
comment on column send_webhook.failures is 'In a row; failing_since_ms is when the first of them was.';
comment on column send_webhook.from_tx is 'Changes of earlier transactions are not sent to it.';

create table send_cursor (
  only_row  boolean primary key default true check (only_row),
  tx        xid8 not null,
  position  bigint not null
);
insert into send_cursor (tx, position) values ('0', 0);
comment on table send_cursor is 'Owner: send. Retention: for ever. Personal data: none. How far the outbox was made into deliveries; a hub holds the row meanwhile.';

create table send_delivery (
  webhook_id       uuid not null references send_webhook on delete cascade,
  delivery_id      uuid not null,
  person_id        uuid,
  topic            text not null,
  body             text not null,
  state            text not null check (state in ('waiting', 'delivered', 'failed')),
  attempts         integer not null default 0,
  tries            integer not null default 0,
  due_ms           bigint not null,
  leased_until_ms  bigint not null default 0,
  made_ms          bigint not null,
  primary key (webhook_id, delivery_id)
);
create index send_delivery_due on send_delivery (webhook_id, due_ms) where state = 'waiting';
create index send_delivery_made on send_delivery (made_ms);
create index send_delivery_of_person on send_delivery (person_id) where person_id is not null;
comment on table send_delivery is 'Owner: send. Retention: 30 days. Personal data: none beyond ids; erased with the person. What is to be sent, and what became of it.';
comment on column send_delivery.tries is 'Of this round of the schedule; a replay begins a new one. attempts counts all.';

create table send_attempt (
  webhook_id   uuid not null,
  delivery_id  uuid not null,
  nth          integer not null,
  at_ms        bigint not null,
  took_ms      bigint not null,
  status       integer,
  outcome      text not null,
  answer       text not null,
  primary key (webhook_id, delivery_id, nth),
  foreign key (webhook_id, delivery_id) references send_delivery on delete cascade
);
comment on table send_attempt is 'Owner: send. Retention: with its delivery. Personal data: none of ours; the first 500 characters that the receiver answered.';
