namespace Tokamak.App.Data;

/// <summary>The database, the brand or their state is not what a person asked for; the message is a sentence that says what to do and holds no password.</summary>
public class WrongDatabaseException : Exception
{
    public WrongDatabaseException()
    {
    }

    public WrongDatabaseException(string message)
        : base(message)
    {
    }

    public WrongDatabaseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
