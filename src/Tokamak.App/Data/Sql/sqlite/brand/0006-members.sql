-- People. What names or describes a person is in person and member_key and nowhere else; facts and books know a member by an
-- opaque id. Keys belong to the id that came with them, also after a merge: who that is now, member.root says.

-- Channel: 0 store, 1 web, 2 app, 3 clerk, 4 import, 5 another system.
create table person (
  member text primary key,
  joined_at_ticks integer not null,
  channel integer not null,
  store text,
  staff text,
  name text,
  birthday text,
  language text
);
create index person_joined on person (joined_at_ticks, member);
create index person_store on person (store, joined_at_ticks, member) where store is not null;
create index person_channel on person (channel, joined_at_ticks, member);
create index person_name on person (name, member) where name is not null;

-- What a member is recognised by. A key that somebody proved to be theirs is nobody else's; one that was only said may be many's.
create table member_key (
  kind integer not null,
  value text not null,
  member text not null,
  added_at_ticks integer not null,
  proved_at_ticks integer,
  primary key (kind, value, member)
);
create unique index member_key_proved on member_key (kind, value) where proved_at_ticks is not null;
create index member_key_member on member_key (member);

-- What a member has agreed to or refused, each time they said so; the last word of a purpose counts. By is an account or key,
-- null where it was the member.
create table consent (
  member text not null,
  purpose text not null,
  at_ticks integer not null,
  given integer not null,
  wording text not null,
  channel integer not null,
  said_by text,
  primary key (member, purpose, at_ticks)
);

-- Two members of whom somebody decided that they are two people, the smaller id first.
create table two_people (
  one text not null,
  other text not null,
  at_ticks integer not null,
  decided_by text not null,
  reason text not null,
  primary key (one, other)
);
