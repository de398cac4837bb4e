create table scores_anomaly (
  day_ms      bigint not null,
  place_id    text not null,
  channel     text not null,
  is_all      boolean not null,
  version     bigint not null,
  told_ms     bigint not null,
  seen        bigint not null,
  low         double precision not null,
  expected    double precision not null,
  high        double precision not null,
  score       double precision not null,
  primary key (day_ms, place_id, channel, is_all)
);
comment on table scores_anomaly is 'Owner: scores. Retention: until it is told anew. Personal data: none. On which days a place or a channel had strangely few or many orders.';
