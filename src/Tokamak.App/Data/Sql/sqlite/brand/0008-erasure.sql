-- Whoever has asked that what is known of them goes: on which day it goes (due_on), and on which it went (erased_on). A row for the id
-- that stood for them when they asked; from when they are erased one for each id that was theirs, for good. By is an account or
-- key, null where it was the member. No name and no key of theirs is kept, not even as a hash: there are so few phone numbers that
-- whoever has the hash has the number.
create table erasure (
  member text primary key,
  asked_at_ticks integer not null,
  asked_by text,
  due_on text not null,
  erased_on text
);
create index erasure_due on erasure (due_on, member) where erased_on is null;

-- Whatever comes later, an import too: an erased id is nobody's any more.
create trigger person_erased before insert on person when exists (select 1 from erasure where member = new.member and erased_on is not null) begin select raise(abort, 'the member was erased'); end;
create trigger member_key_erased before insert on member_key when exists (select 1 from erasure where member = new.member and erased_on is not null) begin select raise(abort, 'the member was erased'); end;
create trigger consent_erased before insert on consent when exists (select 1 from erasure where member = new.member and erased_on is not null) begin select raise(abort, 'the member was erased'); end;
create trigger erasure_kept_update before update on erasure when old.erased_on is not null begin select raise(abort, 'erasure is only ever added to'); end;
create trigger erasure_kept_delete before delete on erasure when old.erased_on is not null begin select raise(abort, 'erasure is only ever added to'); end;
