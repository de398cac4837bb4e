create table payments_intent (
  payment_id        uuid primary key,
  order_id          text,
  command_id        text not null,
  nth               integer not null,
  method            text not null,
  provider          text not null,
  reference         text,
  currency          text not null,
  amount_minor      bigint not null check (amount_minor > 0),
  authorised_minor  bigint not null default 0 check (authorised_minor >= 0),
  captured_minor    bigint not null default 0 check (captured_minor >= 0),
  refunded_minor    bigint not null default 0 check (refunded_minor >= 0),
  released_minor    bigint not null default 0 check (released_minor >= 0),
  outcome           text not null default 'created'
                    check (outcome in ('created', 'action_needed', 'declined', 'voided')),
  state             text not null generated always as (
                      case when refunded_minor > 0 and captured_minor = 0 then 'refunded'
                           when refunded_minor > 0 then 'partly_refunded'
                           when captured_minor > 0 then 'captured'
                           when authorised_minor > 0 then 'authorised'
                           when released_minor > 0 then 'voided'
                           else outcome end) stored,
  details           json not null default '{}',
  opened_ms         bigint not null,
  check (authorised_minor + captured_minor + refunded_minor + released_minor <= amount_minor)
) with (fillfactor = 70);
create index payments_intent_of_order on payments_intent (order_id) where order_id is not null;
create unique index payments_intent_reference on payments_intent (provider, method, reference)
  where reference is not null;
create unique index payments_intent_of_command on payments_intent (order_id, command_id, nth);
comment on table payments_intent is 'Owner: payments. Retention: for ever (money). Personal data: none beyond the id of an order and the last four digits of a card. Each payment and where its money is: the sum of its movements.';

create table payments_movement (
  movement_id   uuid primary key,
  payment_id    uuid not null,
  from_bucket   text not null check (from_bucket in ('outside', 'authorised', 'captured', 'refunded', 'released')),
  to_bucket     text not null check (to_bucket in ('outside', 'authorised', 'captured', 'refunded', 'released')),
  amount_minor  bigint not null check (amount_minor > 0),
  reason        text not null,
  command_id    text not null,
  at_ms         bigint not null,
  check (from_bucket <> to_bucket)
);
create unique index payments_movement_once on payments_movement (payment_id, command_id, to_bucket);
comment on table payments_movement is 'Owner: payments. Retention: for ever (money). Personal data: none. Every movement of money from one bucket to another, only ever added to; what was wrong is corrected by one that goes back. command_id is the caller''s name of it.';

create table payments_operation (
  operation_id  uuid primary key,
  payment_id    uuid not null,
  kind          text not null check (kind in ('authorise', 'capture', 'void', 'refund')),
  amount_minor  bigint not null,
  token         text,
  outcome       text not null default 'pending'
                check (outcome in ('pending', 'action_needed', 'done', 'declined', 'failed')),
  reason        text,
  client_secret text,
  tries         integer not null default 0,
  next_ms       bigint not null,
  asked_ms      bigint not null
);
create index payments_operation_due on payments_operation (next_ms) where outcome = 'pending';
create index payments_operation_of_payment on payments_operation (payment_id, operation_id);
comment on table payments_operation is 'Owner: payments. Retention: for ever (money). Personal data: none; token is a provider''s name for a card, removed once it was used. What a provider is asked, written before it is asked: operation_id is the key under which it acts once.';

create table payments_gift_card (
  gift_card_id   text primary key,
  code_hash      bytea not null unique,
  last4          text not null,
  currency       text not null,
  issued_minor   bigint not null check (issued_minor > 0),
  balance_minor  bigint not null check (balance_minor >= 0),
  spent_minor    bigint not null default 0 check (spent_minor >= 0),
  issued_ms      bigint not null,
  expires_ms     bigint,
  check (balance_minor + spent_minor = issued_minor)
);
comment on table payments_gift_card is 'Owner: payments. Retention: for ever (money the shop owes). Personal data: none. Each gift card and what it is worth; its code is kept as a keyed hash.';

create table payments_gift_movement (
  movement_id   uuid primary key,
  gift_card_id  text not null,
  from_bucket   text not null check (from_bucket in ('outside', 'balance', 'spent')),
  to_bucket     text not null check (to_bucket in ('outside', 'balance', 'spent')),
  amount_minor  bigint not null check (amount_minor > 0),
  reason        text not null,
  command_id    text not null,
  payment_id    uuid,
  at_ms         bigint not null,
  check (from_bucket <> to_bucket)
);
create index payments_gift_movement_of_card on payments_gift_movement (gift_card_id, movement_id);
create unique index payments_gift_movement_once on payments_gift_movement (command_id, payment_id, to_bucket);
comment on table payments_gift_movement is 'Owner: payments. Retention: for ever (money the shop owes). Personal data: none. Every movement of a gift card''s money, only ever added to.';
