create table measure_exposure (
  person_id    uuid not null,
  time_ms      bigint not null,
  source       text not null,
  event_id     text not null,
  decision_id  text not null,
  key          text not null,
  sku          text,
  primary key (person_id, time_ms, source, event_id)
);
create index measure_exposure_oldest on measure_exposure using brin (time_ms);
comment on table measure_exposure is 'Owner: measure. Retention: 400 days. Personal data: what a person saw and when; erased with the person.';
comment on column measure_exposure.person_id is 'The home of the log, here and in the tables below: never rewritten, so that merges and their undoing need nothing done here.';

create table measure_outcome (
  person_id    uuid not null,
  time_ms      bigint not null,
  source       text not null,
  event_id     text not null,
  decision_id  text not null,
  key          text,
  outcome      text not null,
  primary key (person_id, time_ms, source, event_id)
);
create index measure_outcome_oldest on measure_outcome using brin (time_ms);
comment on table measure_outcome is 'Owner: measure. Retention: 400 days. Personal data: what came of a decision; erased with the person.';

create table measure_order (
  person_id    uuid not null,
  time_ms      bigint not null,
  source       text not null,
  event_id     text not null,
  kind         text not null check (kind in ('placed', 'updated', 'returned', 'cancelled')),
  order_id     text,
  return_id    text,
  currency     text,
  total_minor  bigint not null,
  skus         json not null,
  primary key (person_id, time_ms, source, event_id)
);
create index measure_order_oldest on measure_order using brin (time_ms);
comment on table measure_order is 'Owner: measure. Retention: 400 days. Personal data: what a person bought, returned and paid; erased with the person. One row per event of an order.';
