-- What must hold at the end of a statement is judged where it runs: then the commit can travel with the statement,
-- and is left out when it does not hold.
create function platform_assert(p_holds boolean, p_what text) returns void language plpgsql as $$
begin
  if p_holds is not true then
    raise exception using errcode = 'assert_failure', message = 'It must hold that ' || p_what || '.';
  end if;
end $$;
comment on function platform_assert is 'Owner: platform. Raises assert_failure unless its first argument is true.';
