-- Minutes of work that a store plans for somebody on a day, or that were worked: the last word counts. No row: none.
create table shift (
  store text collate "C" not null,
  staff text collate "C" not null,
  day date not null,
  minutes integer not null,
  primary key (store, day, staff)
);

-- How a store's pool of a closed period was divided: 0 equally, 1 by minutes of shifts, 2 by hand. A row is never changed: another division has
-- the next number and takes its place.
create table pool_division (
  period text not null,
  store text collate "C" not null,
  number integer not null,
  pool bigint not null,
  way smallint not null,
  decided_by text collate "C" not null,
  decided_at_ticks bigint not null,
  reason text,
  primary key (period, store, number)
);

-- Who receives what of it; the minutes it was divided by, where it was by them.
create table pool_share (
  period text not null,
  store text collate "C" not null,
  number integer not null,
  staff text collate "C" not null,
  amount bigint not null,
  minutes bigint,
  primary key (period, store, number, staff),
  foreign key (period, store, number) references pool_division (period, store, number)
);
create index pool_share_staff on pool_share (staff, period);

-- Credit of a store that is no clerk's, of a day.
create index credit_store on credit (store, day) where staff is null and store <> 'online';

create trigger pool_division_kept before update or delete on pool_division for each row execute function refuse_change();
create trigger pool_share_kept before update or delete on pool_share for each row execute function refuse_change();
