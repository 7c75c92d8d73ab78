using Tokamak.Core.Kernel;

namespace Tokamak.App.Brands;

/// <summary>A file a person gave that is wrong, with what is wrong in it.</summary>
public sealed record FileFault(string File, Fault Fault)
{
    public override string ToString() => $"{File}: {Fault}";
}
