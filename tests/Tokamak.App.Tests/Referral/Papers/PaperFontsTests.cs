using System.Net;
using Tokamak.App.Tests.Web;

namespace Tokamak.App.Tests.Referral.Papers;

public sealed class PaperFontsTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Theory]
    [InlineData("NotoSansTC_400Regular.ttf")]
    [InlineData("NotoSansTC_700Bold.ttf")]
    [InlineData("LICENSE_FONT")]
    public async Task The_font_lies_beside_the_program_and_no_page_serves_it(string file)
    {
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "fonts", file)));
        foreach (var path in new[] { "/fonts/", "/lib/", "/" })
        {
            using var answer = await host.GetAsync(path + file);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }
}
