using Tokamak.Core.Coupons;
using Xunit;

namespace Tokamak.Core.Tests.Coupons;

public sealed class CouponCodeTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Codes from seeds, with those of the ends among them.</summary>
    private static IEnumerable<CouponCode> Codes(int count)
    {
        yield return CouponCode.Of(new byte[CouponCode.RandomBytes]);
        yield return CouponCode.Of([255, 255, 255, 255, 255, 255, 255, 255, 255]);
        var random = new Random(7);
        var bytes = new byte[CouponCode.RandomBytes];
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(bytes);
            yield return CouponCode.Of(bytes);
        }
    }

    [Fact]
    public void A_code_reads_back_as_itself_grouped_or_not()
    {
        foreach (var code in Codes(1_000))
        {
            Assert.True(CouponCode.TryParse(code.Value, out var plain));
            Assert.True(CouponCode.TryParse(code.Shown, out var grouped));
            Assert.Equal((code, code), (plain, grouped));
            Assert.Equal(17, code.Shown.Length);
            Assert.Equal(code.Value, code.Shown.Replace("-", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_wrong_letter_is_found()
    {
        foreach (var code in Codes(200))
            for (var place = 0; place < CouponCode.Letters; place++)
                foreach (var letter in Alphabet)
                    if (letter != code.Value[place])
                        Assert.False(CouponCode.TryParse(code.Value[..place] + letter + code.Value[(place + 1)..], out _));
    }

    [Fact]
    public void Any_two_letters_that_changed_places_are_found_neighbours_above_all()
    {
        foreach (var code in Codes(500))
            for (var one = 0; one < CouponCode.Letters; one++)
                for (var other = one + 1; other < CouponCode.Letters; other++)
                {
                    if (code.Value[one] == code.Value[other]) continue;
                    var swapped = code.Value.ToCharArray();
                    (swapped[one], swapped[other]) = (swapped[other], swapped[one]);
                    Assert.False(CouponCode.TryParse(new string(swapped), out _));
                }
    }

    [Fact]
    public void Seventy_bits_of_the_bytes_tell_codes_apart()
    {
        var all = new HashSet<string> { CouponCode.Of(new byte[CouponCode.RandomBytes]).Value };
        for (var bit = 0; bit < 70; bit++)
        {
            var bytes = new byte[CouponCode.RandomBytes];
            bytes[bit / 8] = (byte)(0x80 >> (bit % 8));
            Assert.True(all.Add(CouponCode.Of(bytes).Value), $"bit {bit} changes nothing");
        }
        Assert.Equal(100_002, Codes(100_000).Select(code => code.Value).Distinct().Count());
    }

    [Fact]
    public void Each_letter_comes_as_often_as_any_other()
    {
        var counts = new Dictionary<char, int>();
        foreach (var letter in Codes(20_000).Skip(2).SelectMany(code => code.Value)) counts[letter] = counts.GetValueOrDefault(letter) + 1;
        Assert.Equal(32, counts.Count);
        // 300,000 letters over 32: 9,375 each, give or take 97.
        Assert.All(counts.Values, count => Assert.InRange(count, 8_900, 9_850));
    }

    [Theory]
    [InlineData(" {0} ")]
    [InlineData("{0}\n")]
    [InlineData("\t{0}")]
    public void Reading_forgives_space_around(string form) => Assert.All(Codes(20), code => Assert.True(CouponCode.TryParse(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, code.Shown), out _)));

    [Fact]
    public void Reading_forgives_case_hyphens_spaces_full_width_and_letters_that_look_like_figures()
    {
        foreach (var code in Codes(200))
        {
            foreach (var typed in new[]
            {
                code.Shown.ToLowerInvariant(), code.Value.Replace('0', 'O'), code.Value.Replace('0', 'o'), code.Value.Replace('1', 'I'), code.Value.Replace('1', 'l'),
                string.Join(' ', code.Value.ToCharArray()), code.Shown.Replace('-', '–'), code.Shown.Replace('-', '　'), new string([.. code.Value.Select(letter => (char)(letter + 0xFEE0))]),
            })
            {
                Assert.True(CouponCode.TryParse(typed, out var read), typed);
                Assert.Equal(code, read);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00000-00000-0000")]
    [InlineData("00000-00000-000000")]
    [InlineData("UUUUU-UUUUU-UUUUU")]
    [InlineData("母親節")]
    public void What_is_no_code_is_none(string? text) => Assert.False(CouponCode.TryParse(text, out _));

    [Theory]
    [InlineData("SAVE100", "save 100", true)]
    [InlineData("SOLO", "5010", false)]
    [InlineData("HELLO", "he1l0", true)]
    [InlineData("母親節100", "母親節 １００", true)]
    public void Shared_codes_compare_without_what_people_write_differently(string one, string other, bool same) => Assert.Equal(same, CouponKey.Of(one) == CouponKey.Of(other));

    [Theory]
    [InlineData("SAVE100", true)]
    [InlineData("SAVE-100", true)]
    [InlineData("母親節", true)]
    [InlineData("AB", false)]
    [InlineData("A-B-", false)]
    [InlineData("12345678901234", true)]
    [InlineData("123456789012345", false)]
    [InlineData("SAVE 100", false)]
    [InlineData("SAVE,100", false)]
    [InlineData("<b>x</b>", false)]
    public void A_shared_code_has_letters_and_figures_and_fewer_of_them_than_a_random_one(string text, bool may) => Assert.Equal(may, CouponKey.IsShared(text));
}
