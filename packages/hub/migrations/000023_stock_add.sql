-- As before, each level by its key; but nobody reads the rows again: who locked them knows what they become. A row
-- that comes back costs the server a store of its own for each call, and the hub twelve columns to read.
create function stock_add(
  p_sku text, p_place_id text, p_free bigint, p_held bigint, p_allocated bigint, p_short bigint, p_incoming bigint,
  p_transit bigint, p_counted_ms bigint, p_moved_ms bigint
) returns boolean language plpgsql as $$
begin
  update stock_level l
     set free = l.free + p_free, held = l.held + p_held, allocated = l.allocated + p_allocated,
         short = l.short + p_short, incoming = l.incoming + p_incoming, transit = l.transit + p_transit,
         counted_ms = greatest(l.counted_ms, p_counted_ms), moved_ms = greatest(l.moved_ms, p_moved_ms)
   where l.sku = p_sku and l.place_id = p_place_id;
  return found;
end
$$;
drop function stock_apply;
