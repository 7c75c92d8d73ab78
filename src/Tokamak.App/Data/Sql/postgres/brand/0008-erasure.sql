-- Whoever has asked that what is known of them goes: on which day it goes (due_on), and on which it went (erased_on). A row for the id
-- that stood for them when they asked; from when they are erased one for each id that was theirs, for good. By is an account or
-- key, null where it was the member. No name and no key of theirs is kept, not even as a hash: there are so few phone numbers that
-- whoever has the hash has the number.
create table erasure (
  member text collate "C" primary key,
  asked_at_ticks bigint not null,
  asked_by text collate "C",
  due_on date not null,
  erased_on date
);
create index erasure_due on erasure (due_on, member) where erased_on is null;

-- Whatever comes later, an import too: an erased id is nobody's any more.
create function refuse_erased() returns trigger language plpgsql as $$
begin
  if exists (select 1 from erasure where member = new.member and erased_on is not null) then
    raise exception 'the member % was erased', new.member;
  end if;
  return new;
end $$;
create trigger person_erased before insert on person for each row execute function refuse_erased();
create trigger member_key_erased before insert on member_key for each row execute function refuse_erased();
create trigger consent_erased before insert on consent for each row execute function refuse_erased();
create trigger erasure_kept before update or delete on erasure for each row when (old.erased_on is not null) execute function refuse_change();
