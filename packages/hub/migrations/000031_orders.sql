create table orders_order (
  order_id        text primary key,
  origin          text not null check (origin in ('hub', 'event')),
  state           text not null check (state in
                    ('placed', 'partly_shipped', 'shipped', 'partly_returned', 'returned', 'cancelled')),
  person_id       uuid,
  cart_id         uuid,
  channel         text,
  place           text,
  currency        text not null,
  total_minor     bigint not null,
  refunded_minor  bigint not null default 0 check (refunded_minor >= 0),
  version         bigint not null,
  placed_ms       bigint not null,
  body            json not null,
  check (origin = 'event' or refunded_minor <= total_minor)
) with (fillfactor = 80);
create index orders_order_placed on orders_order (placed_ms, order_id);
create index orders_order_of_person on orders_order (person_id, placed_ms, order_id) where person_id is not null;
create index orders_order_of_place on orders_order (place, placed_ms, order_id) where place is not null;
comment on table orders_order is 'Owner: orders. Retention: 10 years, as books are kept. Personal data: whose it is; the hub''s own orders stay without a person when theirs is erased, other systems'' go.';
comment on column orders_order.body is 'How the cart was priced, and where the goods come from; changed only under the lock of the row.';

create table orders_line (
  order_id     text not null,
  line         integer not null,
  sku          text not null,
  quantity     numeric not null check (quantity > 0),
  total_minor  bigint not null,
  shipped      numeric not null default 0 check (shipped >= 0),
  cancelled    numeric not null default 0 check (cancelled >= 0),
  returned     numeric not null default 0 check (returned >= 0),
  primary key (order_id, line),
  check (shipped + cancelled <= quantity),
  check (returned <= shipped)
) with (fillfactor = 80);
comment on table orders_line is 'Owner: orders. Retention: with its order. Personal data: none of its own.';

create table orders_act (
  order_id      text not null,
  act_id        text not null,
  kind          text not null check (kind in ('placed', 'updated', 'shipped', 'cancelled', 'returned')),
  source        text not null,
  person_id     uuid,
  at_ms         bigint not null,
  refund_minor  bigint not null default 0 check (refund_minor >= 0),
  told          json not null,
  primary key (order_id, act_id)
);
create index orders_act_of_person on orders_act (person_id) where person_id is not null;
comment on table orders_act is 'Owner: orders. Retention: with its order; only ever added to. Personal data: whose it is, reasons given; erased like its order. An act of an order that nobody has told of yet waits for it.';
