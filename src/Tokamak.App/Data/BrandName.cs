namespace Tokamak.App.Data;

/// <summary>What a brand is called in the catalogue, in its schema or file, and after <c>--brand</c>: a–z, 0–9 and hyphens, 1 to 40.</summary>
internal static class BrandName
{
    public const string OfTheFirst = "main";
    private const int Longest = 40;

    public static string Checked(string name) =>
        name.Length is > 0 and <= Longest && name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
            ? name
            : throw new WrongDatabaseException($"'{name}' cannot be the name of a brand: take lower-case letters, digits and hyphens, at most {Longest} of them.");
}
