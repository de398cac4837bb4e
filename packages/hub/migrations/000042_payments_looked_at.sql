-- A payment whose buyer has to act is looked at as well: what the provider tells of it may get lost.
drop index payments_operation_due;
create index payments_operation_due on payments_operation (next_ms) where outcome in ('pending', 'action_needed');
