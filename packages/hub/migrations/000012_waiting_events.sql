-- Ordinary browsing is folded into a profile when somebody reads it, or with the person's next event that matters.
-- A row says which events are in it: all that `folded_at` sees, and those of the transaction that wrote it.
alter table people_person
  add column folded_at pg_snapshot not null default '1:1:',
  add column folded_tx xid8 not null default '0',
  drop column position;
update people_person set folded_at = pg_current_snapshot();

drop index events_log_of_person;
create index events_log_of_person on events_log (person_id, tx);

create table people_erasures (
  only_row  boolean primary key default true check (only_row),
  count     bigint not null
);
insert into people_erasures (count) values (0);
comment on table people_erasures is 'Owner: people. Retention: for ever. Personal data: none. How many people were erased: whoever remembers identities forgets them when it has risen.';
