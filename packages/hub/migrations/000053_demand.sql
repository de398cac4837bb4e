create table scores_demand (
  sku         text not null,
  place_id    text not null,
  week_ms     bigint not null,
  version     bigint not null,
  told_ms     bigint not null,
  low         double precision not null,
  median      double precision not null,
  high        double precision not null,
  primary key (sku, place_id, week_ms)
);
comment on table scores_demand is 'Owner: scores. Retention: until it is told anew. Personal data: none. How many of an item will be asked for at a place in a week.';
