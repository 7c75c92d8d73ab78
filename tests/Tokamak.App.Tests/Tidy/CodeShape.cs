using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tokamak.App.Tests.Tidy;

/// <summary>Sizes, names and number types, read from the syntax.</summary>
public static class CodeShape
{
    public const int MostLinesOfFile = 400, MostLinesOfFunction = 60;

    // Words that say a thing does something, without saying what. A word of the domain may begin with one (ServiceFact).
    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utilities", "Service", "Processor", "Base", "Impl", "Dto"];

    private static readonly string[] EmptyFolders = ["Common", "Services", "Interfaces", "Helpers", "Utils", "Misc"];

    private static readonly SyntaxKind[] FloatingKeywords = [SyntaxKind.DoubleKeyword, SyntaxKind.FloatKeyword, SyntaxKind.DecimalKeyword];
    private static readonly string[] FloatingTypes = ["Double", "Single", "Decimal", "Half"];

    public static IEnumerable<Finding> CheckLength(SourceFile file)
    {
        if (file.Is(".cs", ".razor") && file.Text.TrimEnd('\n').Count(letter => letter == '\n') + 1 is > MostLinesOfFile and var lines)
            yield return new Finding(file.Path, 0, $"{lines} lines are more than {MostLinesOfFile}: split it by what it tells.");
    }

    public static IEnumerable<Finding> CheckFunctions(SourceFile file)
    {
        if (!file.Is(".cs")) yield break;
        foreach (var node in Syntax(file).DescendantNodes())
        {
            if (node is not (BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)) continue;
            var span = node.SyntaxTree.GetLineSpan(node.Span);
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > MostLinesOfFunction)
                yield return new Finding(file.Path, span.StartLinePosition.Line + 1, $"a function of {lines} lines does not fit a screen ({MostLinesOfFunction}): name its parts.");
        }
    }

    public static IEnumerable<Finding> CheckNames(SourceFile file)
    {
        if (!file.Is(".cs", ".razor")) yield break;
        if (file.Parts[..^1].Intersect(EmptyFolders).FirstOrDefault() is { } folder)
            yield return new Finding(file.Path, 0, $"a folder {folder} says nothing: folders are nouns of the glossary.");
        if (file.Is(".razor"))
        {
            var name = file.Parts[^1][..^".razor".Length];
            if (EmptyWordOf(name) is { } word) yield return Unclear(file, 0, name, word);
            yield break;
        }
        foreach (var type in Syntax(file).DescendantNodes())
        {
            var name = type switch
            {
                BaseTypeDeclarationSyntax declared => declared.Identifier,
                DelegateDeclarationSyntax declared => declared.Identifier,
                _ => default,
            };
            if (EmptyWordOf(name.ValueText ?? "") is { } word) yield return Unclear(file, LineOf(name), name.ValueText!, word);
        }
    }

    /// <summary>Money is a whole number (spec: exact integer and rational arithmetic). Insight may show a mean.</summary>
    public static IEnumerable<Finding> CheckNumbers(SourceFile file)
    {
        if (!file.Path.StartsWith("src/Tokamak.Core/", StringComparison.Ordinal) || !file.Is(".cs") || file.Parts[2] == "Insight") yield break;
        foreach (var token in Syntax(file).DescendantTokens())
            if (FloatingKeywords.Contains(token.Kind())
                || (token.IsKind(SyntaxKind.IdentifierToken) && FloatingTypes.Contains(token.ValueText))
                || (token.IsKind(SyntaxKind.NumericLiteralToken) && token.Value is double or float or decimal))
                yield return new Finding(file.Path, LineOf(token), $"{token.Text}: Core counts in whole numbers; use long, Int128 or BigInteger and name the rounding.");
    }

    private static string? EmptyWordOf(string name) =>
        Array.Find(EmptyWords, word => name.Length > word.Length && name.EndsWith(word, StringComparison.Ordinal));

    private static Finding Unclear(SourceFile file, int line, string name, string word) =>
        new(file.Path, line, $"{name}: '{word}' does not say what it is; name it after what it does or knows.");

    private static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static SyntaxNode Syntax(SourceFile file) => CSharpSyntaxTree.ParseText(file.Text).GetRoot();
}
