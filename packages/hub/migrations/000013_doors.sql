-- What one room answers another in the middle of a statement: a door in SQL, so that a decision takes two statements.

create function events_tail(members uuid[], folded_at pg_snapshot, folded_tx xid8) returns json
language sql stable
as $$
  select json_agg(json_build_object(
           'source', source, 'id', id, 'type', type, 'timeMs', time_ms, 'receivedAtMs', received_ms,
           'channel', channel, 'store', store, 'session', session, 'identities', identities, 'data', data))
    from events_log
   where person_id = any(members) and tx >= pg_snapshot_xmin(folded_at)
     and tx <> folded_tx and not pg_visible_in_snapshot(tx, folded_at)
$$;
comment on function events_tail is 'Owner: events. What the log holds of these ids beyond what was folded; null when that is nothing.';

create function people_living(ids uuid[]) returns setof uuid
language sql volatile
as $$
  select person_id from people_person where person_id = any(ids) and erased_ms is null
   order by person_id for key share
$$;
comment on function people_living is 'Owner: people. Of these ids those who are not erased, and stay so until the transaction ends.';
