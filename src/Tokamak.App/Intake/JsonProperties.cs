using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake;

internal static class JsonProperties
{
    /// <summary>Name and value of each property of an object whose names the mapping's author chooses; none if it is no object.</summary>
    public static List<(string Name, JsonNodeReader Value)> Properties(this JsonNodeReader node) =>
        node.Element.ValueKind != System.Text.Json.JsonValueKind.Object
            ? []
            : [.. node.Element.EnumerateObject().Select(property => (property.Name, node.Child(property.Name, property.Value)))];
}
