create function payments_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'movements of money are only ever added to; correct one by another that goes back';
end $$;
create trigger payments_movement_stays before update or delete or truncate on payments_movement
  for each statement execute function payments_refuse_change();
create trigger payments_gift_movement_stays before update or delete or truncate on payments_gift_movement
  for each statement execute function payments_refuse_change();
