-- Minutes of work that a store plans for somebody on a day, or that were worked: the last word counts. No row: none.
create table shift (
  store text not null,
  staff text not null,
  day text not null,
  minutes integer not null,
  primary key (store, day, staff)
);

-- How a store's pool of a closed period was divided: 0 equally, 1 by minutes of shifts, 2 by hand. A row is never changed: another division has
-- the next number and takes its place.
create table pool_division (
  period text not null,
  store text not null,
  number integer not null,
  pool integer not null,
  way integer not null,
  decided_by text not null,
  decided_at_ticks integer not null,
  reason text,
  primary key (period, store, number)
);

-- Who receives what of it; the minutes it was divided by, where it was by them.
create table pool_share (
  period text not null,
  store text not null,
  number integer not null,
  staff text not null,
  amount integer not null,
  minutes integer,
  primary key (period, store, number, staff),
  foreign key (period, store, number) references pool_division (period, store, number)
);
create index pool_share_staff on pool_share (staff, period);

-- Credit of a store that is no clerk's, of a day.
create index credit_store on credit (store, day) where staff is null and store <> 'online';

create trigger pool_division_kept_update before update on pool_division begin select raise(abort, 'pool_division is only ever added to'); end;
create trigger pool_division_kept_delete before delete on pool_division begin select raise(abort, 'pool_division is only ever added to'); end;
create trigger pool_share_kept_update before update on pool_share begin select raise(abort, 'pool_share is only ever added to'); end;
create trigger pool_share_kept_delete before delete on pool_share begin select raise(abort, 'pool_share is only ever added to'); end;
