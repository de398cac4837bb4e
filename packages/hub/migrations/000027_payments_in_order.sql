alter table payments_operation add column nth bigint generated always as identity;
alter table payments_movement add column nth bigint generated always as identity;
alter table payments_gift_movement add column nth bigint generated always as identity;
drop index payments_operation_of_payment;
create index payments_operation_of_payment on payments_operation (payment_id, nth);
drop index payments_gift_movement_of_card;
create index payments_gift_movement_of_card on payments_gift_movement (gift_card_id, nth);
