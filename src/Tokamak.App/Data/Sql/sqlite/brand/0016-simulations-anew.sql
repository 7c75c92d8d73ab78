-- A simulation that runs or waits says so again and again; one that has not been heard of for a while was broken off, and begins anew on
-- whichever node sees it. One that was broken off again and again may be what breaks the node: it is begun so many times.
alter table simulation add column alive_at_ticks integer;
alter table simulation add column begun_anew integer not null default 0;
create index simulation_runs on simulation (id) where state = 0;
