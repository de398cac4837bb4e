create table stock_level (
  sku         text not null,
  place_id    text not null,
  -- Buckets. What is on hand is free + held + allocated − short: short is what was promised and then not found.
  free        bigint not null default 0 check (free >= 0),
  held        bigint not null default 0 check (held >= 0),
  allocated   bigint not null default 0 check (allocated >= 0),
  short       bigint not null default 0 check (short >= 0),
  incoming    bigint not null default 0 check (incoming >= 0),
  transit     bigint not null default 0 check (transit >= 0),
  safety      bigint not null default 0 check (safety >= 0),
  buffers     json,
  counted_ms  bigint,
  moved_ms    bigint not null default 0,
  primary key (sku, place_id),
  check (free = 0 or short = 0)
) with (fillfactor = 70);
create index stock_level_of_place on stock_level (place_id, sku);
comment on table stock_level is 'Owner: stock. Retention: for ever. Personal data: none. What each place has of each item: the sum of its movements, and the buffers it keeps back. counted_ms is the time of the last count, moved_ms of the last goods that came or went otherwise.';

create table stock_movement (
  sku          text not null,
  place_id     text not null,
  at_ms        bigint not null,
  movement_id  bigint not null generated always as identity,
  from_bucket  text not null,
  to_bucket    text not null,
  quantity     bigint not null check (quantity > 0),
  reason       text not null,
  ref          text,
  command_id   text,
  recorded_ms  bigint not null,
  primary key (sku, place_id, at_ms, movement_id),
  check (from_bucket <> to_bucket)
);
comment on table stock_movement is 'Owner: stock. Retention: for ever. Personal data: none. Every movement from one bucket to another, only ever added to; ref is the hold, order or transfer it was for, command_id the caller''s name of it.';

create table stock_command (
  command_id   text primary key,
  recorded_ms  bigint not null
);
comment on table stock_command is 'Owner: stock. Retention: for ever, as long as the movements. Personal data: none. The callers'' ids of what was moved, so that nothing moves twice.';

create table stock_hold (
  hold_id     text primary key,
  owner       text not null,
  channel     text not null,
  expires_ms  bigint not null
);
create index stock_hold_of_owner on stock_hold (owner);
create index stock_hold_by_end on stock_hold (expires_ms);
comment on table stock_hold is 'Owner: stock. Retention: until it is released, sold or expired. Personal data: none beyond the id of a cart, person or decision. Stock that is promised for a while.';

create table stock_hold_line (
  hold_id   text not null,
  for_sku   text not null,
  place_id  text not null,
  sku       text not null,
  quantity  bigint not null check (quantity > 0),
  primary key (hold_id, for_sku, place_id, sku)
);
comment on table stock_hold_line is 'Owner: stock. Retention: as long as its hold. Personal data: none. What a hold holds at which place; for_sku is what was asked for, a bundle or the item itself.';

create table stock_allocation (
  order_id  text not null,
  for_sku   text not null,
  place_id  text not null,
  sku       text not null,
  quantity  bigint not null check (quantity > 0),
  primary key (order_id, for_sku, place_id, sku)
);
comment on table stock_allocation is 'Owner: stock. Retention: until shipped or given back. Personal data: none. What is put aside for an order at which place.';

create table stock_transfer (
  transfer_id  text primary key,
  from_place   text not null,
  to_place     text not null,
  sent_ms      bigint not null,
  state        text not null
);
comment on table stock_transfer is 'Owner: stock. Retention: for ever. Personal data: none. Goods sent from one place to another.';

create table stock_transfer_line (
  transfer_id  text not null,
  sku          text not null,
  sent         bigint not null check (sent > 0),
  received     bigint not null default 0 check (received >= 0),
  lost         bigint not null default 0 check (lost >= 0),
  primary key (transfer_id, sku),
  check (received + lost <= sent)
);
comment on table stock_transfer_line is 'Owner: stock. Retention: for ever. Personal data: none. How much of an item was sent, came, and was given up.';
