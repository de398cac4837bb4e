-- Each level is reached by its key, whatever the planner knows of the table. A plan made in a moment of wrong
-- statistics joined the whole table with the batch, and was kept: more than a minute for a thousand rows.
create function stock_apply(
  p_sku text, p_place_id text, p_free bigint, p_held bigint, p_allocated bigint, p_short bigint, p_incoming bigint,
  p_transit bigint, p_counted_ms bigint, p_moved_ms bigint
) returns stock_level language plpgsql as $$
declare
  applied stock_level;
begin
  update stock_level l
     set free = l.free + p_free, held = l.held + p_held, allocated = l.allocated + p_allocated,
         short = l.short + p_short, incoming = l.incoming + p_incoming, transit = l.transit + p_transit,
         counted_ms = greatest(l.counted_ms, p_counted_ms), moved_ms = greatest(l.moved_ms, p_moved_ms)
   where l.sku = p_sku and l.place_id = p_place_id
  returning l.* into applied;
  return applied;
end
$$;

create function stock_keep_back(p_sku text, p_place_id text, p_safety bigint, p_buffers json)
returns void language sql as $$
  update stock_level set safety = p_safety, buffers = p_buffers where sku = p_sku and place_id = p_place_id
$$;
