using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tokamak.App.Integrations.Api;

/// <summary>How the API writes JSON.</summary>
internal static class ApiJson
{
    // Programs read it, and people with them: Chinese stays Chinese. No answer of the API is a page.
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
