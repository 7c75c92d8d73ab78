using Tokamak.Core.Kernel;

namespace Tokamak.App.Promotions;

/// <summary>A file of offers or a cart, as the verbs read it.</summary>
internal static class PromotionFile
{
    private const long MaxBytes = 16 << 20;

    /// <returns>UTF-8 without a mark; null with a fault where it cannot be such a file.</returns>
    public static ReadOnlyMemory<byte>? Read(string path, List<Fault> faults)
    {
        if (new FileInfo(path).Length > MaxBytes)
        {
            faults.Add(new Fault($"the file is larger than {MaxBytes:N0} bytes; is it the right one?", Path: "$"));
            return null;
        }
        ReadOnlyMemory<byte> json = File.ReadAllBytes(path);
        return json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
    }
}
