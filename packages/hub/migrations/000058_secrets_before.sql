-- Two rotations within a day leave three secrets: all that somebody may still verify with sign.
alter table send_webhook add secrets_before json not null default '[]';
update send_webhook
   set secrets_before = json_build_array(json_build_object('secret', secret_before, 'untilMs', before_until_ms))
 where secret_before is not null;
alter table send_webhook drop secret_before, drop before_until_ms;
