-- Public keys made before one could follow a cart by its token carry what those made since do.
update platform_key set scopes = array_append(scopes, 'stream:read')
 where kind = 'public' and 'stream:read' <> all (scopes);
