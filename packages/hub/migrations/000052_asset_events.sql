create index events_log_assets on events_log (position) where type in
  ('asset.registered', 'asset.read', 'asset.serviced', 'asset.repaired', 'asset.retired');
