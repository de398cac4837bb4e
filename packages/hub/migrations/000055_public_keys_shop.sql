-- Public keys made before a page could change its own cart carry what those made since do.
update platform_key set scopes = array_append(scopes, 'carts:own')
 where kind = 'public' and 'carts:own' <> all (scopes);
