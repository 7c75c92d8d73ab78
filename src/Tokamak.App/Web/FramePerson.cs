namespace Tokamak.App.Web;

/// <summary>
/// What the frame leaves to whoever knows the person: the places in the menu that they may open, and a component that says who is signed in.
/// </summary>
public sealed record FramePerson(Type Menu, Func<HttpContext, IReadOnlyList<NavigationItem>> ItemsFor);
