-- Of two events about one thing of the hub, the one with the higher position is later.
create or replace view events as
  select person_id, source, id, type, to_timestamp(time_ms / 1000.0) as time,
         to_timestamp(received_ms / 1000.0) as received_at, channel, store, session, identities, data, position
    from events_log;
