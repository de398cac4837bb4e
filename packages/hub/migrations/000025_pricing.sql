alter table catalog_item_version add column recorded_ms bigint not null default 0;

create table catalog_pricing_version (
  only_row  boolean primary key default true check (only_row),
  version   bigint not null
);
insert into catalog_pricing_version (version) values (0);
comment on table catalog_pricing_version is 'Owner: catalog. Retention: for ever. Personal data: none. The last change of prices, promotions or taxes; a writer holds its row, so that versions are committed in order.';

create table catalog_pricing_rule (
  kind     text not null check (kind in ('price', 'promotion', 'tax')),
  id       text not null,
  version  bigint not null,
  sku      text check ((sku is not null) = (kind = 'price')),
  rule     json not null,
  primary key (kind, id)
);
create index catalog_pricing_rule_changed on catalog_pricing_rule (version);
create index catalog_pricing_rule_of_sku on catalog_pricing_rule (sku, id);
comment on table catalog_pricing_rule is 'Owner: catalog. Retention: for ever. Personal data: none. Each price row, promotion and tax as it is now.';

create table catalog_pricing_rule_version (
  kind         text not null,
  id           text not null,
  version      bigint not null,
  recorded_ms  bigint not null,
  sku          text,
  rule         json not null,
  primary key (kind, id, version)
);
create index catalog_pricing_rule_version_of_sku on catalog_pricing_rule_version (sku, version);
create index catalog_pricing_rule_version_recorded on catalog_pricing_rule_version (kind, version);
comment on table catalog_pricing_rule_version is 'Owner: catalog. Retention: for ever, as proof of prior prices. Personal data: none. Each price row, promotion and tax as it was from a version on, and when it was told; only ever added to.';
