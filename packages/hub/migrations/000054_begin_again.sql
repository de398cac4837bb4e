-- Ends a transaction whose write found rows changed since they were read, without a journey to ask: it begins again.
create function platform_begin_again_unless(is_as_read boolean) returns void language plpgsql as $$
begin
  if is_as_read is not true then
    raise exception 'a row was changed since it was read' using errcode = 'serialization_failure';
  end if;
end
$$;
comment on function platform_begin_again_unless is 'Owner: platform. Raises serialization_failure unless its argument is true.';
