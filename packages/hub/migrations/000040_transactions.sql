-- The highest transaction that any row knows of, in whatever table: every column of type xid8 or pg_snapshot is asked.
create function platform_furthest_transaction() returns xid8 language plpgsql as $$
declare
  found record;
  one xid8;
  furthest xid8 := '0';
begin
  for found in
    select c.oid::regclass as relation, a.attname as name, a.atttypid = 'pg_snapshot'::regtype as is_snapshot
      from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
       and a.atttypid in ('xid8'::regtype, 'pg_snapshot'::regtype)
  loop
    execute format('select tx from (select %s as tx from %s) as t where tx is not null order by tx desc limit 1',
                   format(case when found.is_snapshot then 'pg_snapshot_xmax(%I)' else '%I' end, found.name),
                   found.relation)
       into one;
    if one > furthest then furthest := one; end if;
  end loop;
  return furthest;
end
$$;

-- Uses up transaction numbers: every subtransaction that writes takes one.
create function platform_spend_transactions(most integer) returns void language plpgsql as $$
begin
  create temp table platform_spent (nothing boolean) on commit drop;
  for i in 1..most loop
    begin
      insert into platform_spent values (null);
    exception when division_by_zero then null; -- never raised: what can be caught is a subtransaction
    end;
  end loop;
end
$$;
