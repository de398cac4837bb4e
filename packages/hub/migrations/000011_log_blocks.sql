-- A transaction takes a block of positions at once and gives its events places in it, so that it knows them before it
-- writes. Positions only have to rise; most of a block stays unused.
alter sequence events_log_position_seq increment by 10000;
