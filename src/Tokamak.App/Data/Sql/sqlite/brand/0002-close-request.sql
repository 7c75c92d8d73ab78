-- What one person prepared to close, until another confirms that it is still the same: at most one.
create table close_request (
  one integer primary key default 1 check (one = 1),
  month text not null,
  sha256 text not null,
  asked_by text not null,
  asked_at_ticks integer not null
);
