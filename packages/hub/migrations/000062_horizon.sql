-- Who reads what was committed in order waits for transactions under way, which may still commit something before it.
-- Those of other databases of the server write nothing here: a long one there holds nobody up. A role sees
-- its own, with pg_read_all_stats all; those it does not see are waited for.
create function platform_horizon() returns xid8 language sql stable as $$
  select least(
           coalesce(
             (select one from pg_snapshot_xip(pg_current_snapshot()) as one
               where one::xid <> all (array(
                       select backend_xid from pg_stat_get_activity(null)
                        where backend_xid is not null
                          and datid <> (select oid from pg_database where datname = current_database())))
               order by one limit 1),
             pg_snapshot_xmax(pg_current_snapshot())),
           pg_current_xact_id_if_assigned())
$$;
comment on function platform_horizon is
  'Owner: platform. All transactions that may have written here before this one are over. Called once a transaction: what it sees of others is kept until its end.';

alter table send_webhook alter column from_tx set default platform_horizon();
comment on column events_log.tx is 'Readers stop at platform_horizon: a slow transaction''s event is never skipped.';
comment on column platform_outbox.tx is 'Readers stop at platform_horizon: a slow transaction''s change is never skipped.';
