-- The code of a cart that was merged leads to the cart it went into, as its id and token do.
create index orders_cart_merged_code on orders_cart (code) where state = 'merged';
