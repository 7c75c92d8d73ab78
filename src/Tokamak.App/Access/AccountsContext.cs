using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>The tables of accounts in the control catalogue (<c>0002-accounts.sql</c>) and of API keys, for one transaction.</summary>
public sealed class AccountsContext(DbContextOptions<AccountsContext> options) : DbContext(options)
{
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<HashKey> HashKeys => Set<HashKey>();

    public static AccountsContext Over(Turn turn)
    {
        var options = new DbContextOptionsBuilder<AccountsContext>();
        if (turn.Provider == Provider.Sqlite) options.UseSqlite(turn.Connection);
        else options.UseNpgsql(turn.Connection);
        var context = new AccountsContext(options.Options);
        context.Database.UseTransaction(turn.Transaction);
        return context;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<StaffId>().HaveConversion<StaffIdConverter>();
        configurationBuilder.Properties<AccountRole>().HaveConversion<RoleConverter>();
        configurationBuilder.Properties<AuditKind>().HaveConversion<KindConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>(account =>
        {
            account.ToTable("account").HasKey(a => a.Id);
            account.Property(a => a.Version).IsConcurrencyToken();
            account.HasIndex(a => new { a.Brand, a.NormalizedName }).IsUnique();
            account.Ignore(a => a.HasCome);
        });
        modelBuilder.Entity<Passkey>().ToTable("passkey").HasKey(p => p.CredentialId);
        modelBuilder.Entity<Invitation>().ToTable("invitation").HasKey(i => i.TokenHash);
        modelBuilder.Entity<AuditEntry>().ToTable("audit").HasKey(e => e.Id);
        modelBuilder.Entity<ProtectionKey>().ToTable("protection_key").HasKey(k => k.Name);
        modelBuilder.Entity<ApiKey>().ToTable("api_key").HasKey(k => k.Id);
        modelBuilder.Entity<HashKey>(key =>
        {
            key.ToTable("hash_key").HasKey(k => k.One);
            key.Property(k => k.One).ValueGeneratedNever();
        });
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).ToList())
            property.SetColumnName(SnakeCase(property.Name));
    }

    /// <summary><c>LockedUntilUtc</c> is <c>locked_until</c>: every instant in a database is UTC.</summary>
    private static string SnakeCase(string name) => string.Concat(
        (name.EndsWith("Utc", StringComparison.Ordinal) ? name[..^3] : name)
        .Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));

    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(at => at, at => DateTime.SpecifyKind(at, DateTimeKind.Utc));

    private sealed class StaffIdConverter() : ValueConverter<StaffId, string>(staff => staff.Value, text => new StaffId(text));

    private sealed class RoleConverter() : EnumToStringConverter<AccountRole>;

    private sealed class KindConverter() : EnumToStringConverter<AuditKind>;
}
