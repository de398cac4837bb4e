-- What is told of a payment is told to whoever follows its order's place or person.
create function orders_where(ids text[]) returns table (order_id text, place text, person_id uuid)
language sql stable
as $$
  select o.order_id, o.place, o.person_id from orders_order o where o.order_id = any(ids)
$$;
comment on function orders_where is 'Owner: orders. The place and the person of these orders, of those that are there.';
