create table catalog_place_version_now (
  only_row  boolean primary key default true check (only_row),
  version   bigint not null
);
insert into catalog_place_version_now (version) values (0);
comment on table catalog_place_version_now is 'Owner: catalog. Retention: for ever. Personal data: none. The last change of places; a writer holds its row, so that versions are committed in order.';

create table catalog_place (
  place_id  text primary key,
  version   bigint not null,
  place     json not null
);
create index catalog_place_changed on catalog_place (version);
comment on table catalog_place is 'Owner: catalog. Retention: for ever. Personal data: none. Each place as it is now.';

create table catalog_place_version (
  place_id  text not null,
  version   bigint not null,
  place     json not null,
  primary key (place_id, version)
);
comment on table catalog_place_version is 'Owner: catalog. Retention: as long as decisions, which are replayed with it. Personal data: none. Each place as it was from a version on; only ever added to.';
