using System.Text;

namespace Tokamak.App.Referral;

/// <summary>Writes rows of the replay's CSV files: UTF-8, comma, line feed, nothing quoted (ids hold no comma, R1).</summary>
internal sealed class Utf8Rows(Stream file, int bytes = 1 << 18) : IDisposable
{
    private const int Room = 1 << 10;
    private readonly byte[] _buffer = new byte[bytes];
    private int _length;
    private bool _midRow;

    public void Header(string header)
    {
        Text(header);
        End();
    }

    public Utf8Rows Text(string? text)
    {
        Separate();
        if (text is not null) _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
        return this;
    }

    public Utf8Rows Bytes(ReadOnlySpan<byte> ascii)
    {
        Separate();
        ascii.CopyTo(_buffer.AsSpan(_length));
        _length += ascii.Length;
        return this;
    }

    public Utf8Rows Number(Int128 number)
    {
        if (number >= long.MinValue && number <= long.MaxValue) return Number((long)number);
        return Text(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public Utf8Rows Number(long number)
    {
        Separate();
        if (!number.TryFormat(_buffer.AsSpan(_length), out var written, provider: System.Globalization.CultureInfo.InvariantCulture))
            throw new InvalidOperationException("a row buffer ran out of room");
        _length += written;
        return this;
    }

    public void End()
    {
        _buffer[_length++] = (byte)'\n';
        _midRow = false;
        if (_length > _buffer.Length / 2) Flush();
    }

    public void Dispose()
    {
        Flush();
        file.Dispose();
    }

    private void Separate()
    {
        if (_midRow) _buffer[_length++] = (byte)',';
        _midRow = true;
        if (_buffer.Length - _length < Room) throw new InvalidOperationException("a row is longer than any row can be");
    }

    private void Flush()
    {
        file.Write(_buffer, 0, _length);
        _length = 0;
    }
}
