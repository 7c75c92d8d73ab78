using Tokamak.App.Brands;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>Reads a policy file.</summary>
public static class PolicyFile
{
    private const long MaxBytes = 16 << 20;

    /// <summary>The checked policy, or null with all its faults.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Policy? Read(string path, List<Fault> faults) =>
        ReadJson(path, faults) is { } json ? PolicyReader.Read(json, Zones.Find, faults) : null;

    /// <summary>The file's bytes, unchecked but for their number; without a byte order mark.</summary>
    public static ReadOnlyMemory<byte>? ReadJson(string path, List<Fault> faults)
    {
        if (new FileInfo(path).Length > MaxBytes)
        {
            faults.Add(new Fault($"the file is larger than {MaxBytes:N0} bytes; is it a policy?", Path: "$"));
            return null;
        }
        ReadOnlyMemory<byte> json = File.ReadAllBytes(path);
        return json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
    }
}
