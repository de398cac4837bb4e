create table orders_cart (
  cart_id     uuid primary key,
  code        text not null,
  state       text not null check (state in ('open', 'ordered', 'merged', 'expired')),
  person_id   uuid,
  version     bigint not null,
  expires_ms  bigint not null,
  cart        json not null
) with (fillfactor = 70);
create unique index orders_cart_code on orders_cart (code) where state = 'open';
create unique index orders_cart_of_person on orders_cart (person_id) where state = 'open' and person_id is not null;
create index orders_cart_of_members on orders_cart (person_id) where person_id is not null;
create index orders_cart_expires on orders_cart (expires_ms);
comment on table orders_cart is 'Owner: orders. Retention: 30 days after it was last changed. Personal data: what somebody means to buy; erased with the person.';
comment on column orders_cart.cart is 'Lines, context and what is held; changed only under the lock of the row.';
