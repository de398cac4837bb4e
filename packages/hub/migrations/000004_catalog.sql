create table catalog_version (
  only_row  boolean primary key default true check (only_row),
  version   bigint not null
);
insert into catalog_version (version) values (0);
comment on table catalog_version is 'Owner: catalog. Retention: for ever. Personal data: none. The last change; a writer holds its row, so that versions are committed in order.';

create table catalog_item (
  sku       text primary key,
  version   bigint not null,
  category  text not null,
  item      json not null
);
create index catalog_item_changed on catalog_item (version);
create index catalog_item_of_category on catalog_item (category, sku);
comment on table catalog_item is 'Owner: catalog. Retention: for ever. Personal data: none. Each item as it is now.';

create table catalog_item_version (
  sku      text not null,
  version  bigint not null,
  item     json not null,
  primary key (sku, version)
);
comment on table catalog_item_version is 'Owner: catalog. Retention: as long as decisions, which are replayed with it. Personal data: none. Each item as it was from a version on; only ever added to.';
